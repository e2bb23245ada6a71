import type { Operator } from "./operator";

/** Every operator that is stood for. */
export const operators: readonly Operator[] = [];
