import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterBlueprint } from "../../site/blueprint-types";
import { RunError } from "../../site/run-error";
import { Session } from "../../ssh/session";
import { dialDirect } from "../../ssh/transport";
import { tunnelPort } from "../../ssh/tunnel";
import { exitCodes } from "../exit-codes";
import { type ApiAccess, ask } from "./api-client";
import { operatorKubeconfig } from "./kubeconfig-text";
import type { StepContext } from "./step-context";

/** Bound for the API server to answer on the endpoint once kk is done: haproxy and VIPs take a moment. */
const ANSWER_SECONDS = 180;

/**
 * Fetches the kubeconfig, makes it fit this side, and prints it only after the API server answered with it. Throws
 * RunError when that takes longer than `answerSeconds`, default 180.
 */
export async function kubeconfig(
  step: StepContext,
  answerSeconds = ANSWER_SECONDS,
): Promise<string> {
  return withApi(step, async ({ access, text }) => {
    const { endpoint, from } = step.need("api");
    const where = `${endpoint.address}:${endpoint.port}`;
    const version = await waitForApi(step, access, where, from, answerSeconds);
    step.say(`the API server answers at https://${where}, ${version}`);
    return text;
  });
}

/** The cluster's API as its administrator, and the kubeconfig that leads there. */
export interface AdministratorApi {
  readonly access: ApiAccess;
  readonly text: string;
}

/** Does something with the cluster's API, reached as the operator's machine reaches it: through the jump host if any. */
export async function withApi<Result>(
  step: StepContext,
  work: (api: AdministratorApi) => Promise<Result>,
): Promise<Result> {
  const api = step.need("api");
  const bastion = step.bastionTarget();
  const jump = bastion ? new Session(bastion, { say: step.say }) : undefined;
  try {
    const proxyUrl = `socks5://127.0.0.1:${tunnelPort(step.request.site)}`;
    const place = { ...api, jump, ...(jump && { proxyUrl }) };
    return await work(await administratorApi(step.session(api.from), place));
  } finally {
    jump?.close();
  }
}

/** Where the API server is, and what stands before it. */
export interface ApiPlace {
  readonly name: string;
  readonly endpoint: ClusterBlueprint["endpoint"];
  readonly jump: Session | undefined;
  /** Proxy that the kubeconfig is to name. Default: none. */
  readonly proxyUrl?: string;
}

/** Fetches the administrator's kubeconfig from a control-plane host, and makes it fit this side. */
export async function administratorApi(
  session: Session,
  { name, endpoint, jump, proxyUrl }: ApiPlace,
): Promise<AdministratorApi> {
  const adminConf = await session.steadily((connection) =>
    connection.run("read /etc/kubernetes/admin.conf", "cat /etc/kubernetes/admin.conf", {
      sudo: true,
    }),
  );
  const { text, ...config } = operatorKubeconfig(adminConf, {
    name,
    ...endpoint,
    ...(proxyUrl !== undefined && { proxyUrl }),
  });
  const dial = () => dialEndpoint(endpoint, jump);
  return { access: { ...config, serverName: endpoint.domain, dial }, text };
}

/** A connection to the API server, through the jump host if there is one. */
async function dialEndpoint(
  endpoint: { readonly address: string; readonly port: number },
  jump: Session | undefined,
): Promise<Duplex> {
  if (jump) return (await jump.connection()).forward(endpoint.address, endpoint.port);
  const login = { name: "the endpoint", user: "", hostKeys: [], ...endpoint };
  return dialDirect(login, 10);
}

/** Waits until the API server says that it is ready; returns its version. */
async function waitForApi(
  step: StepContext,
  access: ApiAccess,
  where: string,
  first: string,
  seconds: number,
): Promise<string> {
  const deadline = Date.now() + seconds * 1000;
  let before = "";
  for (let turn = 0; ; turn++) {
    let reason: string;
    try {
      const ready = await ask(access, { method: "GET", path: "/readyz" }, 10);
      if (ready.status === 200) {
        const version = await ask(access, { method: "GET", path: "/version" }, 10);
        return String(JSON.parse(version.body).gitVersion);
      }
      reason = `/readyz says ${ready.status}`;
    } catch (error) {
      reason = (error as Error).message.split("\n")[0] ?? "";
    }
    if (Date.now() > deadline) {
      throw new RunError(
        `the API server does not answer at ${where} after ${seconds} s: ${reason}`,
        {
          exitCode: exitCodes.remote,
          nextStep: `look on ${first} at crictl ps -a and journalctl -u kubelet; check that ${where} is reachable from here; then run the same command again`,
        },
      );
    }
    if (reason !== before) step.say(`waiting for the API server at ${where}: ${reason}`);
    before = reason;
    await sleep(turn < 10 ? 500 : 2000);
  }
}
