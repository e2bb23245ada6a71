import { readFileSync } from "node:fs";
import { ControlPlane } from "./control-plane";
import { Project, type Run } from "./kubernetes-project";
import { providerOf } from "./workloads";

/** What every test about the Kubernetes stand-in has at hand. */
export interface ClusterSuite {
  /** The control plane of the suite. */
  readonly plane: ControlPlane;
  /** The project of the test, with an empty stack. */
  readonly project: Project;
  /** JavaScript of a Provider `k` for the control plane. */
  provider(more?: string): string;
  /** Gives the test another project, whose runs get these variables. */
  useProject(environment: Record<string, string>): Promise<void>;
  up(): Promise<string>;
  /** An update that may fail. */
  tryUp(): Promise<Run>;
  destroy(): Promise<string>;
}

/** Gives the suite that this is called in a control plane, and each of its tests a project. */
export function onCluster(
  nodes: number,
  authorization?: Parameters<typeof ControlPlane.start>[1],
): ClusterSuite {
  let plane: ControlPlane | undefined;
  let project: Project | undefined;
  const use = async (environment: Record<string, string> = {}) => {
    project?.remove();
    project = new Project(environment);
    await project.succeed("stack", "init", "test");
  };
  before(async () => {
    plane = await ControlPlane.start(nodes, authorization);
  });
  after(async () => await plane?.stop());
  beforeEach(async () => await use());
  afterEach(() => project?.remove());

  return {
    get plane() {
      return there(plane);
    },
    get project() {
      return there(project);
    },
    provider: (more = "") => providerOf(readFileSync(there(plane).kubeconfig, "utf8"), more),
    useProject: use,
    up: () => there(project).succeed("up", "--yes", "--skip-preview"),
    tryUp: () => there(project).run("up", "--yes", "--skip-preview"),
    destroy: () => there(project).succeed("destroy", "--yes", "--skip-preview"),
  };
}

function there<Thing>(thing: Thing | undefined): Thing {
  if (thing !== undefined) return thing;
  throw new Error("A test asked for its cluster before mocha had started it.");
}
