import * as pulumi from "@pulumi/pulumi";
import { type Callback, CallbackInvokeRequest } from "@pulumi/pulumi/proto/callback_pb";
import {
  type RegisterResourceRequest,
  RegisterResourceResponse,
  TransformRequest,
  TransformResourceOptions,
  TransformResponse,
} from "@pulumi/pulumi/proto/resource_pb";
import { Value } from "google-protobuf/google/protobuf/struct_pb";

/** What every random value comes out as. */
const text = new Value().setStringValue("made-up");

/**
 * Stands in for Pulumi's engine within the program's own process. It takes every message apart and puts it together
 * as the connection would, calls the transforms of a resource and of all above it, and answers at once what it got.
 */
export class StandInEngine {
  /** Resources that the program asked for. */
  resources = 0;
  /** By URN: the transforms of a resource and of those above it, in the order in which they are called. */
  readonly #transforms = new Map<string, readonly Callback[]>();

  /** Takes the place of the engine for the program of this process. */
  async connect(): Promise<void> {
    await pulumi.runtime.setMocks({
      newResource: () => ({ id: undefined, state: {} }),
      call: ({ token }) => {
        throw new Error(`no component may ask a provider while it is built: ${token}`);
      },
    });
    Object.assign(pulumi.runtime.getMonitor() ?? {}, {
      registerResource: (
        request: RegisterResourceRequest,
        answer: (fault: unknown, response?: RegisterResourceResponse) => void,
      ) => {
        this.#register(request).then((response) => answer(null, response), answer);
      },
      registerResourceOutputs: (request: { serializeBinary(): unknown }, answer: () => void) => {
        request.serializeBinary();
        answer();
      },
    });
  }

  async #register(request: RegisterResourceRequest): Promise<RegisterResourceResponse> {
    this.resources += 1;
    request.serializeBinary();
    const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
    const above = parent.split("::")[2];
    const urn = `urn:pulumi:stack::project::${above === undefined ? "" : `${above}$`}${type}::${name}`;
    const transforms = [...request.getTransformsList(), ...(this.#transforms.get(parent) ?? [])];
    this.#transforms.set(urn, transforms);
    let object = request.getObject();
    for (const transform of transforms) {
      const wanted = new TransformRequest();
      wanted.setType(type).setName(name).setParent(parent).setCustom(request.getCustom());
      wanted.setProperties(object).setOptions(new TransformResourceOptions());
      object = (await transformed(transform, wanted)).getProperties();
    }
    const response = new RegisterResourceResponse();
    response.setUrn(urn).setId(request.getCustom() ? `${name}-id` : "");
    if (type.startsWith("random:")) object?.getFieldsMap().set("hex", text).set("result", text);
    response.setObject(object);
    return RegisterResourceResponse.deserializeBinary(response.serializeBinary());
  }
}

/** What the program's transform makes of a resource. */
async function transformed(
  transform: Callback,
  wanted: TransformRequest,
): Promise<TransformResponse> {
  const request = new CallbackInvokeRequest();
  request.setToken(transform.getToken()).setRequest(wanted.serializeBinary());
  const program = pulumi.runtime.getCallbacks() as unknown as CallbackServer;
  return new Promise((resolve, reject) => {
    void program.invoke({ request }, (fault, response) => {
      if (response === undefined) reject(new Error(fault?.details));
      else resolve(TransformResponse.deserializeBinary(response.getResponse_asU8()));
    });
  });
}

/** The part of Pulumi's callback server that its types leave out. */
interface CallbackServer {
  readonly invoke: (
    call: { request: CallbackInvokeRequest },
    answer: (
      fault: { details?: string } | null,
      response?: { getResponse_asU8(): Uint8Array },
    ) => void,
  ) => Promise<void>;
}
