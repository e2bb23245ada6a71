import type { RunnerBlueprint } from "../../site/platform/delivery-types";

/** The runner's own configuration (TOML), without its token, which GitLab Runner puts in by itself. */
export function runnerConfiguration({
  namespace,
  account,
  image,
  helperImage,
  allowedImages,
  jobResources: { requests, limits },
}: RunnerBlueprint): string {
  const amounts = (prefix: string) => [
    setting(`${prefix}cpu_request`, requests.cpu),
    setting(`${prefix}memory_request`, requests.memory),
    setting(`${prefix}cpu_limit`, limits.cpu),
    setting(`${prefix}memory_limit`, limits.memory),
  ];
  return [
    "[[runners]]",
    '  executor = "kubernetes"',
    "  [runners.kubernetes]",
    ...[
      setting("namespace", namespace.name),
      // An empty pattern: no job chooses another namespace or account.
      setting("namespace_overwrite_allowed", ""),
      setting("service_account", account),
      setting("service_account_overwrite_allowed", ""),
      setting("image", image),
      setting("helper_image", helperImage),
      setting("allowed_images", allowedImages),
      setting("allowed_services", allowedImages),
      setting("pull_policy", ["if-not-present"]),
      setting("allowed_pull_policies", ["if-not-present", "always"]),
      "privileged = false",
      "allow_privilege_escalation = false",
      ...amounts(""),
      ...amounts("helper_"),
    ].map((line) => `    ${line}`),
    "    [runners.kubernetes.node_selector]",
    // The helper's image is made for these.
    '      "kubernetes.io/arch" = "amd64"',
    "",
  ].join("\n");
}

/** A line of TOML. Its strings are JSON's, as far as anything here goes. */
function setting(key: string, value: string | readonly string[]): string {
  return `${key} = ${JSON.stringify(value)}`;
}
