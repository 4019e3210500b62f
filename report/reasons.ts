/** Why a spectrum is not used, in words. */
const REASONS: Readonly<Record<string, string>> = {
  snr: 'signal to noise too low', fwhm: 'line too wide', sd: 'fit too uncertain (%SD)', missing: 'no spectrum', unfinished: 'its pipeline was not finished', unreadable: 'unreadable table', diagnostic: 'LCModel reported an error', tissue: 'no tissue fractions',
};

export const spectrumReason = (code: string): string => REASONS[code] ?? code;
