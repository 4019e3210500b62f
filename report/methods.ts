/** Methods text for a paper, from the parameters that were actually used. */
import type { CohortResults } from '../contracts/results.js';
import type { ReportContext } from './context.js';
import { formatCount } from './format.js';
import { html, type Child, type Html } from './html.js';
import { percent } from './evidence/uncertainty.js';
import { pipelineSentences } from './pipelines.js';
import { everyCohort, glxName, list, metricName, plural } from './words.js';

const REFERENCES = {
  yang: 'Yang Z, Oja E. Linear and nonlinear projective nonnegative matrix factorization. IEEE Trans Neural Netw 2010;21:734–749.',
  sotiras: 'Sotiras A, Resnick SM, Davatzikos C. Finding imaging patterns of structural covariance via non-negative matrix factorization. NeuroImage 2015;108:1–16.',
  boutsidis: 'Boutsidis C, Gallopoulos E. SVD based initialization: a head start for nonnegative matrix factorization. Pattern Recognit 2008;41:1350–1362.',
  patel: 'Patel R, et al. Investigating microstructural variation in the human hippocampus using non-negative matrix factorization. NeuroImage 2020;207:116348.',
  hubert: 'Hubert L, Arabie P. Comparing partitions. J Classif 1985;2:193–218.',
  benjamini: 'Benjamini Y, Hochberg Y. Controlling the false discovery rate. J R Stat Soc B 1995;57:289–300.',
  gasparovic: 'Gasparovic C, et al. Use of tissue water as a concentration reference for proton spectroscopic imaging. Magn Reson Med 2006;55:1219–1226.',
  efron: 'Efron B. Better bootstrap confidence intervals. J Am Stat Assoc 1987;82:171–185.',
  steiger: 'Steiger JH. Beyond the F test: effect size confidence intervals and tests of close fit in the analysis of variance and contrast analysis. Psychol Methods 2004;9:164–182.',
  hedges: 'Hedges LV. Distribution theory for Glass’s estimator of effect size and related estimators. J Educ Stat 1981;6:107–128.',
  royston: 'Royston P. Remark AS R94: a remark on algorithm AS 181: the W-test for normality. Appl Stat 1995;44:547–551.',
  brown: 'Brown MB, Forsythe AB. Robust tests for the equality of variances. J Am Stat Assoc 1974;69:364–367.',
  koussis: 'Koussis NC, et al. Generation of surrogate brain maps preserving spatial autocorrelation through random rotation of geometric eigenmodes. Imaging Neurosci 2025;3.',
  burt: 'Burt JB, Helmer M, Shinn M, Anticevic A, Murray JD. Generative modeling of brain maps with spatial autocorrelation. NeuroImage 2020;220:117038.',
  provencher: 'Provencher SW. Estimation of metabolite concentrations from localized in vivo proton NMR spectra. Magn Reson Med 1993;30:672–679.',
} as const;

/** The numbers of references, given in the order of their first mention. */
type Cite = (...keys: (keyof typeof REFERENCES)[]) => Html;

export function methodsSection(context: ReportContext): Html {
  const cited: string[] = [];
  const cite: Cite = (...keys) => {
    for (const key of keys) if (!cited.includes(REFERENCES[key])) cited.push(REFERENCES[key]);
    return html`<sup>${keys.map((key) => cited.indexOf(REFERENCES[key]) + 1).join(', ')}</sup>`;
  };
  const paragraphs = [participants(context), pipelineSentences(context.results), factorization(context, cite), choice(context, cite), ...(context.analysed ? [statistics(context, cite), glx(context, cite), uncertainty(context, cite)] : []), surrogates(context, cite)];
  return html`<section id="methods"><h2>Methods</h2>
<p class="aside">Written from this run’s parameters. Acquisition, preprocessing and recruitment are the laboratory’s to describe.</p>
${paragraphs.map((paragraph) => paragraph !== null && paragraph !== false && html`<p>${paragraph}</p>`)}
<ol class="references">${cited.map((reference) => html`<li>${reference}</li>`)}</ol></section>\n`;
}

function participants(context: ReportContext): Child {
  const { metrics } = context.results.parameters;
  const cohorts = context.cohorts.map(([name, cohort]) => html`${cohort.subjects} participants of ${name} (${list(Object.entries(cohort.groups).map(([group, size]) => `${size} ${group}`))})`);
  const regions = context.cohorts.map(([name, cohort]) => `${formatCount(cohort.vertices)} in ${name}${midline(cohort)}`);
  const named = metrics.map((metric) => (metric.unit === null ? metricName(metric.name) : `${metricName(metric.name)} (${context.unit(metric.name)})`));
  return html`We analysed ${list(cohorts)}. Vertex-wise ${list(named)} of the region of interest (vertices: ${list(regions)}) were the input.`;
}

/** Both counts, whichever is analysed. */
function midline({ region, vertices }: CohortResults): string {
  if (region.midlineDropped > 0) return ` after removing ${region.midlineDropped} on the midline`;
  const cortex = region.counts?.reduce((sum, c) => sum + c.cortex, 0);
  return cortex === undefined || cortex === vertices ? '' : ` of which ${formatCount(vertices - cortex)} on the midline`;
}

const ZSCORE: Record<string, string> = { all: 'was z-scored over all its values', vertex: 'was z-scored per vertex across participants', subject: 'was z-scored per participant across vertices', none: 'was not z-scored' };
const SHIFT: Record<string, string> = { global: 'the minimum of the whole matrix', 'per-metric': 'the minimum of each metric' };

function factorization(context: ReportContext, cite: Cite): Child {
  const { solver, tolerance, maxIterations, ranks, normalization } = context.results.parameters;
  const method = solver === 'accelerated' ? html`by block coordinate descent on its optimality condition, until the natural residual fell to ${tolerance} or below` : html`by the published multiplicative update, until the relative change of W fell below ${tolerance}`;
  return html`Each metric ${ZSCORE[normalization.zscore] ?? normalization.zscore}; the metrics were concatenated and ${SHIFT[normalization.shift] ?? normalization.shift} was subtracted${normalization.withinHalves ? ', again within each half of a split' : ''}. The matrix of each cohort was factorized separately with orthogonal projective non-negative matrix factorization (OPNMF)${cite('yang', 'sotiras')}, started from a non-negative double singular value decomposition${cite('boutsidis')} and computed ${method} (at most ${formatCount(maxIterations)} passes), for ${plural(ranks[1] - ranks[0] + 1, 'rank')}, ${ranks[0]} to ${ranks[1]}.`;
}

function choice(context: ReportContext, cite: Cite): Child {
  const { parameters, rank, matching } = context.results;
  const policy = { auto: 'The rank was chosen by an automatic rule', review: 'The rank was approved by a person who saw the evidence', number: 'The rank was set beforehand' }[rank.policy];
  const agreement = (): Child => matching.length > 0 && html` Each vertex was assigned to the component with its largest weight, the partitions were compared with the adjusted Rand index${cite('hubert')}, and components were matched across cohorts by optimal assignment.`;
  return html`For each of ${plural(parameters.splits, 'random split')} (seed ${parameters.seed}) of a cohort into two stratified halves, both halves were factorized; stability at a rank is the mean over vertices of the correlation between the rows of the halves’ cosine similarity matrices${cite('patel')}, and accuracy the gradient of the reconstruction error. A rank is stable above ${parameters.threshold}. ${policy}${rank.chosen !== null && ` (${rank.chosen} components)`}.${agreement()}`;
}

function statistics(context: ReportContext, cite: Cite): Child {
  const { covariates, alpha, pairwise, missing } = context.results.parameters;
  const adjustment = covariates.length === 0 ? 'without covariates' : html`with ${list(covariates)} as ${covariates.length === 1 ? 'covariate' : 'covariates'}`;
  const pairs = pairwise === 'subset' ? 'each pair by the same model refitted on its two groups alone' : 'pairs by contrasts of the estimated marginal means with the pooled error';
  const carried = context.names.length > 1 ? `Indices significant in ${everyCohort(context.names)} were carried on` : 'Significant indices were carried on';
  return html`The mean of each metric in each component was compared between groups by analysis of covariance (type II sums of squares) ${adjustment}, two-sided, alpha ${alpha}. ${carried} to post hoc comparisons, ${pairs}. p values were adjusted by the Benjamini–Hochberg procedure${cite('benjamini')}; every adjusted p in this report is given with its family and the family’s size. Demographics were compared by one-way analysis of variance or χ² tests, with Fisher’s exact test where an expected count was below 5. Participants with missing or unreadable inputs ${missing === 'exclude' ? 'were excluded' : 'would have stopped the analysis'}; each test used every participant complete for its own variables.`;
}

function glx(context: ReportContext, cite: Cite): Child {
  const found = context.cohorts.map(([, cohort]) => cohort.glx).find((one) => one !== null);
  if (found === undefined || found === null) return null;
  const label = glxName(found.metabolite);
  return html`${label} (LCModel’s ${found.metabolite}${cite('provencher')}; tissue correction: ${found.tissue?.method === 'gasparovic' ? html`by tissue-specific water content and relaxation${cite('gasparovic')}, in ${found.tissue.unit}` : found.correction}) was related to each carried index in a model with group, the ${label}-by-group interaction and the covariates (type ${found.models[0]?.type ?? 'II'} sums of squares), followed by the partial correlation given the covariates. ${label} terms, interactions and partial correlations of a cohort are three separate families.`;
}

/** Intervals, standardised effects and checks of assumptions, where the results have them. */
function uncertainty(context: ReportContext, cite: Cite): Child {
  const { resamples = 0, confidence = 0.95, statisticsSeed = 0 } = context.results.parameters;
  if (context.cohorts.every(([, cohort]) => cohort.assumptions === undefined)) return null;
  const drawn = context.cohorts.some(([, cohort]) => cohort.pairs.some((row) => row.bootstrap !== undefined));
  return html`Partial η² is given with its ${percent(Number((2 * confidence - 1).toPrecision(12)))} interval by inversion of the noncentral F distribution${cite('steiger')}, differences of adjusted means as Hedges’s g${cite('hedges')} (standardised by the residual standard deviation of the pair’s model) with the interval of the noncentral t distribution.${drawn && html` Differences and partial correlations have bias-corrected and accelerated bootstrap intervals${cite('efron')} (${formatCount(resamples)} resamples of participants within their groups, seed ${statisticsSeed}).`} Residuals were checked for normality (Shapiro–Wilk${cite('royston')}), equal variance (Brown–Forsythe${cite('brown')}) and influence (Cook’s distance, and each participant left out in turn); nothing was decided by these checks.`;
}

/** Only where surrogates were drawn. */
function surrogates(context: ReportContext, cite: Cite): Child {
  const { nulls = 0, statisticsSeed = 0 } = context.results.parameters;
  const drawn = context.cohorts.some(([, cohort]) => cohort.ranks.some((row) => row.stability.surrogates?.p != null));
  if (!drawn) return null;
  return html`Stability${context.results.matching.length > 0 && ' and the adjusted Rand index'} at every rank ${context.results.matching.length > 0 ? 'were' : 'was'} compared with ${formatCount(nulls)} spatial surrogates (seed ${statisticsSeed}): the parcels’ indicator functions were rotated at random among the region’s geometric eigenmodes of similar frequency${cite('koussis')}, low-pass filtered so that their variogram was that of the parcels${cite('burt')}, and cut into parcels of the same sizes.`;
}
