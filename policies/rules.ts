import { imagesFromSiteRegistry } from "./images-from-site-registry";
import { logFormat } from "./log-format";
import { namespaceTenancy } from "./namespace-tenancy";
import type { Rule } from "./support/rule";

/** Every rule, in the order in which reports list them: Pods, namespaces, ways in, storage, watching, changes. */
export const rules: readonly Rule[] = [imagesFromSiteRegistry, logFormat, namespaceTenancy];
