import { describe, expect, it } from 'vitest';
import { markdownOf, renderReport } from '../../../report/index.js';
import { completeStudy, nullStudy } from './example.js';
import { section, text } from './page.js';

const page = renderReport(completeStudy()), markdown = markdownOf(page);

describe('report.md', () => {
  it('has the sections, sentences and captions of the page', () => {
    const headings = [...page.matchAll(/<h[123]>([\s\S]*?)<\/h[123]>/g)].map((match) => text(match[1] ?? '').trim());
    expect([...markdown.matchAll(/^#+ (.*)$/gm)].map((match) => match[1])).toEqual(headings);
    expect(markdown).toContain('**4 of 16 indices replicated**');
    expect(markdown.match(/^> Figure /gm)?.length).toBe(page.match(/<figcaption>/g)?.length);
    expect(markdownOf(renderReport(nullStudy()))).toContain('**Nothing replicated:**');
  });

  it('has every table with as many cells in every row', () => {
    const tables = markdown.split('\n\n').filter((block) => block.startsWith('| '));
    expect(tables.length).toBe(page.match(/<table/g)?.length);
    for (const table of tables) expect(new Set(table.split('\n').map((line) => line.replace(/\\\|/g, '').split('|').length)).size).toBe(1);
    expect(text(section(page, 'groups'))).toContain('ancova/tokyo (16)');
    expect(markdown).toContain('ancova/tokyo (16)');
  });

  it('is no HTML, whatever names are', () => {
    const input = completeStudy();
    input.results.study = '<script>x</script> *a* [b](c) |d|';
    const made = markdownOf(renderReport(input));
    expect(made.split('\n')[0]).toBe('# \\<script\\>x\\</script\\> \\*a\\* \\[b\\](c) \\|d\\|');
    expect(made).not.toMatch(/(?<!\\)<[a-z]/);
  });
});
