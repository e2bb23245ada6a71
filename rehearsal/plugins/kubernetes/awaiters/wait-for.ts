import { ProviderFailure } from "../../protocol/failure";
import { ANNOTATION } from "../objects/annotations";
import {
  annotationOf,
  generationOf,
  type KubeObject,
  pluckMaps,
  pluckNumber,
  pluckString,
} from "../objects/kube-object";
import { matchJsonPath, parseJsonPath } from "./json-path";
import { type Awaiter, READY, type Verdict, waiting } from "./verdict";

/**
 * The wait that the annotation pulumi.com/waitFor asks for instead of the kind's own: one
 * "jsonpath=…" or "condition=…" expression, or a JSON list of them. Undefined without the annotation.
 * Errors when an expression cannot be read.
 */
export function waitForOf(object: KubeObject): Awaiter | undefined {
  const annotation = annotationOf(object, ANNOTATION.waitFor);
  if (annotation === "") return undefined;
  const judges = expressionsIn(annotation).map(judgeOf);
  return {
    related: [],
    judgesRead: false,
    judge: ({ object: live }) =>
      judges.map((judge) => judge(live)).find((verdict) => !verdict.ready) ?? READY,
  };
}

function expressionsIn(annotation: string): string[] {
  let parsed: unknown = annotation;
  try {
    parsed = JSON.parse(annotation);
  } catch {
    // Not a JSON list, so it is one expression.
  }
  const expressions = Array.isArray(parsed) ? parsed.map(String) : [annotation];
  if (expressions.length === 0) {
    throw new ProviderFailure(
      "The waitFor annotation is an empty list; give at least one condition.",
    );
  }
  return expressions;
}

function judgeOf(expression: string): (object: KubeObject) => Verdict {
  if (expression.startsWith("jsonpath=")) {
    const path = parseJsonPath(expression);
    const wanted = path.value === undefined ? path.path : `${path.path}=${path.value}`;
    return (object) => {
      if (isStale(object)) return waiting("Waiting for the controller to see the change");
      const { matched, found } = matchJsonPath(object, path);
      if (matched) return READY;
      const seen = found === undefined ? `${path.path} selected nothing` : `found "${found}"`;
      return waiting(`Waiting for ${wanted} (${seen})`, [`waitFor ${wanted} is not met: ${seen}`]);
    };
  }
  if (expression.startsWith("condition=")) {
    const [type = "", status = "True"] = expression.slice("condition=".length).split("=");
    return (object) => judgeCondition(object, type, status);
  }
  throw new ProviderFailure(
    `The waitFor expression "${expression}" must begin with "jsonpath=" or "condition=".`,
  );
}

function judgeCondition(object: KubeObject, type: string, status: string): Verdict {
  const condition = pluckMaps(object, "status", "conditions").find(
    (item) => pluckString(item, "type").toLowerCase() === type.toLowerCase(),
  );
  const observed = pluckNumber(condition, "observedGeneration") ?? generationOf(object);
  if (
    observed >= generationOf(object) &&
    pluckString(condition, "status").toLowerCase() === status.toLowerCase()
  ) {
    return READY;
  }
  const seen =
    condition === undefined
      ? "the object has no such condition"
      : `it is ${pluckString(condition, "status")}`;
  const message = pluckString(condition, "message");
  const reasons = [
    `condition ${type} is not ${status}: ${seen}${message === "" ? "" : ` (${message})`}`,
  ];
  return waiting(`Waiting for condition ${type} to be ${status}`, reasons);
}

function isStale(object: KubeObject): boolean {
  const observed = pluckNumber(object, "status", "observedGeneration");
  return observed !== undefined && observed < generationOf(object);
}
