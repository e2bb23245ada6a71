import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { type DiffKind, isReplaceKind, pathRoot } from "./property-diff";
import type { CheckFailure, CheckResult, DiffResult } from "./provider";
import { toStruct } from "./wire";

const kindNumbers: Record<DiffKind, pb.PropertyDiff.Kind> = {
  add: pb.PropertyDiff.Kind.ADD,
  "add-replace": pb.PropertyDiff.Kind.ADD_REPLACE,
  delete: pb.PropertyDiff.Kind.DELETE,
  "delete-replace": pb.PropertyDiff.Kind.DELETE_REPLACE,
  update: pb.PropertyDiff.Kind.UPDATE,
  "update-replace": pb.PropertyDiff.Kind.UPDATE_REPLACE,
};

const changeNumbers = {
  none: pb.DiffResponse.DiffChanges.DIFF_NONE,
  some: pb.DiffResponse.DiffChanges.DIFF_SOME,
  unknown: pb.DiffResponse.DiffChanges.DIFF_UNKNOWN,
} as const;

/** What a provider found of inputs, as the engine reads it. */
export function checkResponse(result: CheckResult): pb.CheckResponse {
  const response = new pb.CheckResponse();
  response.setInputs(toStruct(result.inputs));
  response.setFailuresList(checkFailures(result.failures));
  return response;
}

/** Faults of inputs, as the engine reads them. */
export function checkFailures(failures: readonly CheckFailure[] = []): pb.CheckFailure[] {
  return failures.map(({ property, reason }) => {
    const failure = new pb.CheckFailure();
    failure.setProperty(property);
    failure.setReason(reason);
    return failure;
  });
}

/** What a provider found changed, as the engine reads it: path by path, and by root as well. */
export function diffResponse(result: DiffResult): pb.DiffResponse {
  const entries = Object.entries(result.detailedDiff);
  const roots = (of: typeof entries) => [...new Set(of.map(([path]) => pathRoot(path)))];

  const response = new pb.DiffResponse();
  response.setChanges(changeNumbers[result.changes ?? (entries.length > 0 ? "some" : "none")]);
  response.setDiffsList(roots(entries));
  response.setReplacesList(roots(entries.filter(([, change]) => isReplaceKind(change.kind))));
  response.setStablesList([...(result.stables ?? [])]);
  response.setDeletebeforereplace(result.deleteBeforeReplace ?? false);
  response.setHasdetaileddiff(true);
  for (const [path, change] of entries) {
    const diff = new pb.PropertyDiff();
    diff.setKind(kindNumbers[change.kind]);
    diff.setInputdiff(change.inputDiff ?? false);
    response.getDetaileddiffMap().set(path, diff);
  }
  return response;
}
