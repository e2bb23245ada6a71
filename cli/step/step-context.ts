import type { KubeKeyDriver, KubeKeyPlace } from "../../components/cluster/kubekey/driver";
import { driverFor } from "../../components/cluster/kubekey/driver-for";
import type { KubeKeyView } from "../../components/cluster/kubekey/view";
import type { StepBastion, StepHost, StepRequest } from "../../components/support/step-request";
import { RunError } from "../../site/run-error";
import { type Say, Session } from "../../ssh/session";
import type { SshLogin, SshTarget } from "../../ssh/target";
import { exitCodes } from "../exit-codes";

/** Bound for reaching a host and logging in. */
const CONNECT_SECONDS = 20;

/** What every step works with: its request, its secrets, where it tells its progress, and open sessions. */
export class StepContext {
  readonly request: StepRequest;
  readonly secrets: Readonly<Record<string, string>>;
  readonly say: Say;
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the project. */
  readonly root: string;
  private readonly sessions = new Map<string, Session>();

  constructor(input: {
    readonly request: StepRequest;
    readonly secrets: Readonly<Record<string, string>>;
    readonly say: Say;
    readonly env: NodeJS.ProcessEnv;
    readonly root: string;
  }) {
    this.request = input.request;
    this.secrets = input.secrets;
    this.say = input.say;
    this.env = input.env;
    this.root = input.root;
  }

  get driver(): KubeKeyDriver {
    return driverFor(this.request.kubekey);
  }

  get place(): KubeKeyPlace {
    return { workDir: this.request.workDir };
  }

  /** Values that must not show up in anything printed. */
  get secretValues(): readonly string[] {
    return Object.values(this.secrets);
  }

  /** The session to a host by its name in the site, opened on first use. */
  session(name: string): Session {
    const open = this.sessions.get(name);
    if (open) return open;
    const session = new Session(this.target(name), { say: this.say });
    this.sessions.set(name, session);
    return session;
  }

  get installer(): Session {
    return this.session(this.request.installer);
  }

  target(name: string): SshTarget {
    const { bastion, site } = this.request;
    const host = this.host(name);
    return {
      ...this.login(name, host),
      site,
      sudo: host.login.sudo,
      timeoutSeconds: CONNECT_SECONDS,
      ...(bastion && { bastion: this.login("bastion", bastion) }),
    };
  }

  /** The jump host itself as a target; undefined when the site has none. */
  bastionTarget(): SshTarget | undefined {
    const { bastion, site } = this.request;
    if (!bastion) return undefined;
    const login = this.login("bastion", bastion);
    return { ...login, site, sudo: "none", timeoutSeconds: CONNECT_SECONDS };
  }

  host(name: string): StepHost {
    const host = this.request.hosts[name];
    if (host) return host;
    throw new Error(`the request of this step does not hold the host ${name}`);
  }

  /** A part of the request that this step cannot do without. */
  need<K extends keyof StepRequest>(part: K): NonNullable<StepRequest[K]> {
    const value = this.request[part];
    if (value !== undefined && value !== null) return value;
    if (part === "files") {
      throw new RunError(
        `no bundle holds KubeKey ${this.request.kubekey} for release ${this.request.release ?? "?"}, so nothing can be applied`,
        {
          exitCode: exitCodes.site,
          nextStep: `put the release's bundle into bundles/${this.request.release ?? "<release>"}/ and run again`,
        },
      );
    }
    throw new Error(`the request of this step does not hold ${part}`);
  }

  /** The request as KubeKey's files are rendered from it. */
  view(): KubeKeyView {
    const { request } = this;
    return {
      site: request.site,
      hosts: Object.entries(request.hosts).map(([name, host]) => ({ name, ...host })),
      baseline: this.need("baseline"),
      registry: this.need("registry"),
      cluster: {
        ...this.need("cluster"),
        kubekey: request.kubekey,
        workDir: request.workDir,
        installer: request.installer,
      },
    };
  }

  close(): void {
    for (const session of this.sessions.values()) session.close();
  }

  private login(name: string, host: Pick<StepBastion, "address" | "login" | "keys">): SshLogin {
    const { login } = host;
    const { passwordSecret, privateKeySecret } = login;
    return {
      name,
      address: host.address,
      port: login.port,
      user: login.user,
      hostKeys: host.keys,
      ...(passwordSecret && { password: this.secret(passwordSecret) }),
      ...(privateKeySecret && { privateKey: this.secret(privateKeySecret) }),
    };
  }

  private secret(name: string): string {
    const value = this.secrets[name];
    if (value !== undefined) return value;
    throw new RunError(`the secret ${name}, which the site names, was not given`, {
      exitCode: exitCodes.site,
      nextStep: `pulumi config set --path 'sitewright:secrets.${name}' --secret --stack ${this.request.site}`,
    });
  }
}
