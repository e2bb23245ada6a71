import assert from "node:assert/strict";
import { once } from "node:events";
import {
  credentials,
  type Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type ServiceError,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import {
  ResourceProviderClient,
  ResourceProviderService,
} from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { InitFailure, ProviderFailure } from "../../../rehearsal/plugins/protocol/failure";
import { afterSeconds } from "../../../rehearsal/plugins/protocol/lifetime";
import type { CreateRequest, Provider } from "../../../rehearsal/plugins/protocol/provider";
import { ProviderService } from "../../../rehearsal/plugins/protocol/service";
import { Secret } from "../../../rehearsal/plugins/protocol/values";
import { fromStruct, toStruct } from "../../../rehearsal/plugins/protocol/wire";

const urn = "urn:pulumi:dev::site::parent:t:P$my:mod:Thing::the::name";

/** A provider whose create is given by the test. */
function providerThat(create: (request: CreateRequest) => Promise<string>): Provider {
  const done = async () => ({ id: "", inputs: {}, properties: {} });
  return {
    check: async ({ news }) => ({
      inputs: news,
      failures: [{ property: "a", reason: "needs more" }],
    }),
    diff: async () => ({
      detailedDiff: { "a.b": { kind: "update" }, 'c["d.e"]': { kind: "add-replace" } },
      deleteBeforeReplace: true,
      stables: ["id"],
    }),
    create: async (request) => ({ id: await create(request), properties: request.properties }),
    read: done,
    update: done,
    delete: async () => {},
  };
}

async function listen(definition: ServiceDefinition, handlers: UntypedServiceImplementation) {
  const server = new Server();
  server.addService(definition, handlers);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { server, address: `127.0.0.1:${port}` };
}

function call<Request, Response>(
  method: (
    request: Request,
    done: (error: ServiceError | null, response: Response) => void,
  ) => unknown,
  request: Request,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    method(request, (error, response) => (error ? reject(error) : resolve(response)));
  });
}

describe("provider service", () => {
  const logged: LogRequest[] = [];
  const servers: Server[] = [];
  let engine = "";
  let client: ResourceProviderClient;

  before(async () => {
    const running = await listen(EngineService, {
      log: (request: { request: LogRequest }, done: (error: null, empty: Empty) => void) => {
        logged.push(request.request);
        done(null, new Empty());
      },
    });
    servers.push(running.server);
    engine = running.address;
  });
  afterEach(() => client.close());
  after(() => {
    for (const server of servers) server.forceShutdown();
  });

  async function serve(provider: Provider): Promise<void> {
    const service = new ProviderService(provider, "9.8.7", engine);
    const { server, address } = await listen(ResourceProviderService, service.handlers());
    servers.push(server);
    client = new ResourceProviderClient(address, credentials.createInsecure());
  }

  async function create(timeoutSeconds = 0): Promise<pb.CreateResponse> {
    const request = new pb.CreateRequest();
    request.setUrn(urn);
    request.setTimeout(timeoutSeconds);
    request.setProperties(toStruct({ password: new Secret("hush") }));
    return await call(client.create.bind(client) as never, request);
  }

  it("gives requests in plain words and takes answers so", async () => {
    let seen: CreateRequest | undefined;
    await serve(
      providerThat(async (request) => {
        seen = request;
        return "id-1";
      }),
    );
    const response = await create(7);
    assert.equal(response.getId(), "id-1");
    assert.ok(fromStruct(response.getProperties()).password instanceof Secret);
    assert.equal(seen?.type, "my:mod:Thing");
    assert.equal(seen?.name, "the::name");
    assert.equal(seen?.timeoutSeconds, 7);
    assert.equal(seen?.preview, false);
  });

  it("reports version, check failures and a diff with its replacements", async () => {
    await serve(providerThat(async () => ""));
    const info = await call(client.getPluginInfo.bind(client) as never, new Empty());
    assert.equal((info as { getVersion(): string }).getVersion(), "9.8.7");

    const checked = await call<pb.CheckRequest, pb.CheckResponse>(
      client.check.bind(client) as never,
      new pb.CheckRequest(),
    );
    assert.deepEqual(
      checked.getFailuresList().map((failure) => [failure.getProperty(), failure.getReason()]),
      [["a", "needs more"]],
    );

    const diff = await call<pb.DiffRequest, pb.DiffResponse>(
      client.diff.bind(client) as never,
      new pb.DiffRequest(),
    );
    assert.equal(diff.getChanges(), pb.DiffResponse.DiffChanges.DIFF_SOME);
    assert.deepEqual(diff.getDiffsList(), ["a", "c"]);
    assert.deepEqual(diff.getReplacesList(), ["c"]);
    assert.deepEqual(diff.getStablesList(), ["id"]);
    assert.equal(diff.getDeletebeforereplace(), true);
    assert.equal(
      diff.getDetaileddiffMap().get('c["d.e"]')?.getKind(),
      pb.PropertyDiff.Kind.ADD_REPLACE,
    );
  });

  it("hands over what exists of a resource that is not in order", async () => {
    await serve(
      providerThat(async () => {
        throw new InitFailure("not ready", {
          id: "id-2",
          properties: { a: new Secret(1) },
          reasons: ["first", "second"],
        });
      }),
    );
    const error = await failure(create());
    assert.equal(error.code, status.UNKNOWN);
    const detail = initFailureOf(error.metadata);
    assert.equal(detail.getId(), "id-2");
    assert.deepEqual(detail.getReasonsList(), ["first", "second"]);
    assert.ok(fromStruct(detail.getProperties()).a instanceof Secret);
  });

  it("passes on a failure's code and words, and no stack", async () => {
    await serve(
      providerThat(async () => {
        throw new ProviderFailure("no such host", status.NOT_FOUND);
      }),
    );
    const error = await failure(create());
    assert.equal(error.code, status.NOT_FOUND);
    assert.equal(error.details, "no such host");
  });

  it("delivers messages about a resource before the answer", async () => {
    logged.length = 0;
    await serve(
      providerThat(async ({ log }) => {
        log.status("working");
        log.warning("odd \ud800 text");
        return "x";
      }),
    );
    await create();
    assert.deepEqual(
      logged.map((entry) => [entry.getMessage(), entry.getEphemeral(), entry.getUrn()]),
      [
        ["working", true, urn],
        ["odd \ufffd text", false, urn],
      ],
    );
  });

  it("aborts what is at work when the engine cancels", async () => {
    let started: () => void = () => {};
    const atWork = new Promise<void>((resolve) => {
      started = resolve;
    });
    await serve(
      providerThat(async ({ signal }) => {
        started();
        await once(signal, "abort");
        throw new ProviderFailure("stopped");
      }),
    );
    const creating = failure(create());
    await atWork;
    await call(client.cancel.bind(client) as never, new Empty());
    assert.equal((await creating).details, "stopped");
  });
});

describe("a time limit", () => {
  it("aborts after its seconds, with 0 meaning never", async () => {
    const never = new AbortController().signal;
    assert.equal(afterSeconds(never, 0), never);
    const limited = afterSeconds(never, 0.01);
    await once(limited, "abort");
    assert.equal((limited.reason as DOMException).name, "TimeoutError");
  });
});

async function failure(response: Promise<unknown>): Promise<ServiceError> {
  return await response.then(
    () => assert.fail("this should have failed"),
    (thrown: ServiceError) => thrown,
  );
}

function initFailureOf(metadata: Metadata): pb.ErrorResourceInitFailed {
  const [bytes] = metadata.get("grpc-status-details-bin");
  assert.ok(Buffer.isBuffer(bytes));
  const [detail] = Status.deserializeBinary(bytes).getDetailsList();
  const found = detail?.unpack(
    pb.ErrorResourceInitFailed.deserializeBinary,
    "pulumirpc.ErrorResourceInitFailed",
  );
  assert.ok(found);
  return found;
}
