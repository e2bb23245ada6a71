import type { CrossCheck } from "../check-input";
import { ownValue } from "../path";
import { hostOf, runnerKey } from "../platform/delivery-runners";
import { longestNamespace, tenantNamespace } from "../platform/tenancy-names";
import { show, siteProblem } from "../problems";

/** A runner has a GitLab to ask, which is who it says and can be reached. */
const gitlab: CrossCheck = {
  reads: [["delivery"], ["tenancy"]],
  find: ({ name, site }) => {
    const { delivery } = site;
    if (delivery === undefined) return [];
    const wanted = Object.entries(site.tenancy?.workspaces ?? {})
      .filter(([, stated]) => stated.delivery?.runner !== undefined)
      .map(([workspace]) => workspace);
    if (wanted.length === 0) return [];
    if (delivery.gitlab === undefined) {
      return wanted.map((workspace) =>
        siteProblem(
          ["tenancy", "workspaces", workspace, "delivery", "runner"],
          "a GitLab to take jobs from",
          "a site without delivery.gitlab",
          "add delivery.gitlab, or remove the runner",
        ),
      );
    }
    const { url } = delivery.gitlab;
    const host = hostOf(url);
    const path = ["delivery", "gitlab", "url"];
    if (url.startsWith("http:")) {
      const needed = "https: the runner's token and every job's secrets go over it";
      return [siteProblem(path, needed, show(url))];
    }
    const server = ownValue(delivery.servers, host);
    if (server === undefined) {
      const next = `add delivery.servers["${host}"]`;
      return [siteProblem(path, "a server that delivery.servers names", show(host), next)];
    }
    return [
      ...(server.networks.length === 0
        ? [
            siteProblem(
              ["delivery", "servers", host, "networks"],
              "the networks that it answers in, since runners reach nothing else",
              "none",
            ),
          ]
        : []),
      ...wanted.flatMap((workspace) => {
        const full = tenantNamespace(name, workspace, runnerKey);
        return full.length <= longestNamespace
          ? []
          : [
              siteProblem(
                ["tenancy", "workspaces", workspace, "delivery", "runner"],
                `a name of at most ${longestNamespace} letters for the runner's namespace`,
                show(full),
                "choose a shorter name for the workspace or the site",
              ),
            ];
      }),
    ];
  },
};

export const runnerChecks: readonly CrossCheck[] = [gitlab];
