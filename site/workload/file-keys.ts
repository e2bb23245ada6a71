/** Key of a file in its ConfigMap, which takes no slashes. Cross-checks see to it that no two files share one. */
export function fileKey(path: string): string {
  return path.slice(1).replaceAll("/", "_");
}
