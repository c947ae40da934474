/** The CloudFormation stack of a deployment that nobody has named. */
export const DEFAULT_STACK = 'Bakeoff';
