import { exemptionProblems } from "./exemptions";
import { parseDocument } from "./parse";
import { type Places, type Problem, throwProblems } from "./problems";
import { type Catalogue, kubernetesSchema, nodesSchema, preflightSchema } from "./schema/catalogue";
import { exemptionsSchema } from "./schema/exemptions";
import { crdsSchema, platformSchema } from "./schema/platform";
import { readYamlFile } from "./yaml-file";

const restore = "restore it from the repository";

/** Reads catalogue/; throws one RunError that names everything wrong with it. */
export function loadCatalogue(root: string): Catalogue {
  const files = {
    kubernetes: readYamlFile(root, "catalogue/kubernetes.yaml", restore),
    preflight: readYamlFile(root, "catalogue/preflight.yaml", restore),
    nodes: readYamlFile(root, "catalogue/nodes.yaml", restore),
    platform: readYamlFile(root, "catalogue/platform.yaml", restore),
    crds: readYamlFile(root, "catalogue/crds.yaml", restore),
    exemptions: readYamlFile(root, "catalogue/exemptions.yaml", restore),
  };
  const kubernetes = parseDocument("kubernetes", kubernetesSchema, files.kubernetes.data);
  const preflight = parseDocument("preflight", preflightSchema, files.preflight.data);
  const nodes = parseDocument("nodes", nodesSchema, files.nodes.data);
  const platform = parseDocument("platform", platformSchema, files.platform.data);
  const crds = parseDocument("crds", crdsSchema, files.crds.data);
  const exemptions = parseDocument("exemptions", exemptionsSchema, files.exemptions.data);
  const problems: readonly Problem[] = [
    ...kubernetes.problems,
    ...preflight.problems,
    ...nodes.problems,
    ...platform.problems,
    ...crds.problems,
    ...exemptions.problems,
    ...(exemptions.value && platform.value
      ? exemptionProblems(exemptions.value, platform.value)
      : []),
  ];
  throwProblems(problems, files satisfies Places);
  return {
    kubernetes: present(kubernetes.value),
    preflight: present(preflight.value),
    nodes: present(nodes.value),
    platform: present(platform.value),
    crds: present(crds.value),
    exemptions: present(exemptions.value),
  };
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("a document without problems must have a value");
  return value;
}
