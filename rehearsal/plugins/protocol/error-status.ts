import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { InitFailure, ProviderFailure } from "./failure";
import { toStruct } from "./wire";

/** Anything thrown, as the gRPC answer that makes the engine show and record the right thing. */
export function statusOf(thrown: unknown): ServiceError {
  if (thrown instanceof InitFailure) return initFailureStatus(thrown);
  if (thrown instanceof ProviderFailure) return answer(thrown.code, thrown.message);
  // A fault of the stand-in itself: the stack says where, since nobody but us can mend it.
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return answer(status.UNKNOWN, message);
}

function initFailureStatus(failure: InitFailure): ServiceError {
  const detail = new ErrorResourceInitFailed();
  detail.setId(failure.id);
  detail.setProperties(toStruct(failure.properties));
  detail.setReasonsList([...failure.reasons]);
  if (failure.inputs !== undefined) detail.setInputs(toStruct(failure.inputs));

  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const full = new Status();
  full.setCode(status.UNKNOWN);
  full.setMessage(failure.message);
  full.setDetailsList([packed]);

  // The header by which gRPC carries structured details; grpc-js leaves it to the caller.
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(full.serializeBinary()));
  return answer(status.UNKNOWN, failure.message, metadata);
}

function answer(code: status, message: string, metadata = new Metadata()): ServiceError {
  return Object.assign(new Error(message), { code, details: message, metadata });
}
