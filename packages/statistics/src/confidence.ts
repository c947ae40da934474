/** The confidence level of every interval; 1 minus it is the significance level of every test. */
export const CONFIDENCE_LEVEL = 0.95;
export const SIGNIFICANCE_LEVEL = 0.05;
/** The standard normal's 97.5 % quantile. */
export const NORMAL_QUANTILE = 1.959963984540054;
