import { ProviderFailure } from "../protocol/failure";
import type {
  CheckRequest,
  CheckResult,
  ConfigureRequest,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  InvokeRequest,
  InvokeResult,
  Provider,
  ReadRequest,
  ReadResult,
  UpdateRequest,
  UpdateResult,
} from "../protocol/provider";
import {
  checkRelease,
  createRelease,
  deleteRelease,
  diffRelease,
  RELEASE_TYPE,
  readRelease,
  updateRelease,
} from "./helm/release";
import { invoke } from "./invoke";
import { checkConfig, diffConfig } from "./provider-config";
import { check } from "./resource/check";
import { create } from "./resource/create";
import { remove } from "./resource/delete";
import { diff } from "./resource/diff";
import { read } from "./resource/read";
import { update } from "./resource/update";
import { Session } from "./session";
import { settingsOf } from "./settings";

/** The stand-in for the Kubernetes provider: every kind of object, by the rules of the real one. */
export class KubernetesProvider implements Provider {
  #session: Session | undefined;

  checkConfig(request: CheckRequest): Promise<CheckResult> {
    return checkConfig(request);
  }

  diffConfig(request: DiffRequest): Promise<DiffResult> {
    return diffConfig(request);
  }

  async configure({ variables, signal }: ConfigureRequest): Promise<void> {
    const previous = this.#session;
    this.#session = await Session.open(settingsOf(variables, process.env), signal);
    previous?.close();
  }

  check(request: CheckRequest): Promise<CheckResult> {
    return isRelease(request) ? checkRelease(this.session, request) : check(this.session, request);
  }

  diff(request: DiffRequest): Promise<DiffResult> {
    return isRelease(request) ? diffRelease(request) : diff(this.session, request);
  }

  create(request: CreateRequest): Promise<CreateResult> {
    return isRelease(request)
      ? createRelease(this.session, request)
      : create(this.session, request);
  }

  read(request: ReadRequest): Promise<ReadResult> {
    return isRelease(request) ? readRelease(this.session, request) : read(this.session, request);
  }

  update(request: UpdateRequest): Promise<UpdateResult> {
    return isRelease(request)
      ? updateRelease(this.session, request)
      : update(this.session, request);
  }

  delete(request: DeleteRequest): Promise<void> {
    return isRelease(request)
      ? deleteRelease(this.session, request)
      : remove(this.session, request);
  }

  invoke(request: InvokeRequest): Promise<InvokeResult> {
    return invoke(this.session, request);
  }

  /** What was configured. Errors before that. */
  get session(): Session {
    if (this.#session !== undefined) return this.#session;
    throw new ProviderFailure("The provider has not been configured yet.");
  }
}

const isRelease = ({ type }: { type: string }): boolean => type === RELEASE_TYPE;
