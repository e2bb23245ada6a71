/** The two Kubernetes quantities a release speaks of. Only the spellings below are allowed, so that reading them is exact. */

export const cpuPattern = /^([0-9]{1,6}(\.[0-9]{1,3})?|[0-9]{1,9}m)$/;
export const memoryPattern = /^[0-9]{1,9}(Mi|Gi)$/;

/** Thousandths of a core: "250m" is 250, "1.5" is 1500. NaN when the text is no such quantity. */
export function cpuMillis(quantity: string): number {
  if (!cpuPattern.test(quantity)) return Number.NaN;
  if (quantity.endsWith("m")) return Number(quantity.slice(0, -1));
  return Math.round(Number(quantity) * 1000);
}

/** MiB: "128Mi" is 128, "2Gi" is 2048. NaN when the text is no such quantity. */
export function memoryMiB(quantity: string): number {
  if (!memoryPattern.test(quantity)) return Number.NaN;
  const number = Number(quantity.slice(0, -2));
  return quantity.endsWith("Gi") ? number * 1024 : number;
}
