import { ProviderFailure } from "../../protocol/failure";
import { apiVersionFor, type GroupVersionKind } from "../objects/kinds";
import {
  type KubeObject,
  type KubeValue,
  pluckMaps,
  pluckNumber,
  pluckString,
} from "../objects/kube-object";

/** A refusal by the API server, with the Status object it answered. */
export class ApiError extends ProviderFailure {
  /** The HTTP status. */
  readonly httpStatus: number;
  /** Such as "NotFound", "AlreadyExists", "Invalid"; "" when the server gave none. */
  readonly reason: string;
  readonly status: KubeObject;
  constructor(httpStatus: number, status: KubeObject) {
    super(
      pluckString(status, "message") || `the API server answered with HTTP status ${httpStatus}`,
    );
    this.name = "ApiError";
    this.httpStatus = httpStatus;
    this.reason = pluckString(status, "reason");
    this.status = status;
  }
}

/** The API server does not know the kind: its CRD is missing, or the API version is gone. */
export class NoSuchKind extends ProviderFailure {
  constructor({ kind, ...gv }: GroupVersionKind) {
    super(`no matches for kind "${kind}" in version "${apiVersionFor(gv)}"`);
    this.name = "NoSuchKind";
  }
}

/** The API server could not be reached, though it was tried again. */
export class Unreachable extends ProviderFailure {
  constructor(server: string, cause: string) {
    super(
      `The Kubernetes API server at ${server} does not answer: ${cause}. ` +
        "Check that it runs and that the kubeconfig's server, proxy-url and certificates are right, then run again.",
    );
    this.name = "Unreachable";
  }
}

const hasReason = (error: unknown, status: number, reason: string): error is ApiError =>
  error instanceof ApiError &&
  (error.reason === reason || (error.reason === "" && error.httpStatus === status));

export const isNotFound = (error: unknown): boolean => hasReason(error, 404, "NotFound");
export const isAlreadyExists = (error: unknown): boolean => hasReason(error, 409, "AlreadyExists");
export const isConflict = (error: unknown): boolean => hasReason(error, 409, "Conflict");
export const isForbidden = (error: unknown): boolean => hasReason(error, 403, "Forbidden");
export const isInvalid = (error: unknown): boolean => hasReason(error, 422, "Invalid");

/** True when the object's namespace is what was not found. */
export function isNamespaceMissing(error: unknown): boolean {
  return (
    isNotFound(error) &&
    error instanceof ApiError &&
    pluckString(error.status, "details", "kind") === "namespaces"
  );
}

/** True when the refusal is about a field that must not change. */
export function isImmutableField(error: unknown): boolean {
  return isInvalid(error) && error instanceof Error && error.message.includes("field is immutable");
}

/** The fields and messages that a refusal lists. */
export function causesOf(error: ApiError): { reason: string; field: string; message: string }[] {
  return pluckMaps(error.status as KubeValue, "details", "causes").map((cause) => ({
    reason: pluckString(cause, "reason"),
    field: pluckString(cause, "field"),
    message: pluckString(cause, "message"),
  }));
}

/** Seconds that the server asks to wait before trying again; 0 when it does not ask. */
export function retryAfterSeconds(error: ApiError): number {
  return pluckNumber(error.status, "details", "retryAfterSeconds") ?? 0;
}
