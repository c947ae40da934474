/** What `bakeoff init` can write, in the order of its question. */
export const templateNames = ['quickstart', 'sweep', 'folder', 'study'] as const;

export type TemplateName = (typeof templateNames)[number];
