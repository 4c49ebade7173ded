/** A mistake that shows only with the data: the line is then marked with `__error__`. */
export class TemplateError extends Error {}
