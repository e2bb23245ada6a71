import type { Command } from "commander";

/** A command as `--help` tells of it. Its module is loaded only when it is the one asked for. */
export interface CommandEntry {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Commands under the moment at which they are used, in the order in which they are. */
export const commandGroups: readonly {
  readonly when: string;
  readonly commands: readonly CommandEntry[];
}[] = [
  {
    when: "At home",
    commands: [
      {
        name: "rehearse",
        usage: "rehearse <site>",
        summary: "bring a site up for real, against simulated hosts on this machine",
        load: async () => (await import("./rehearse")).rehearseCommand(),
      },
      {
        name: "enter",
        usage: "enter <site>",
        summary: "a shell inside a site's rehearsal, where pulumi and kubectl reach it",
        load: async () => (await import("./enter")).enterCommand(),
      },
      {
        name: "test",
        usage: "test",
        summary: "run every test of this checkout",
        load: async () => (await import("./test")).testCommand(),
      },
      {
        name: "check",
        usage: "check <site>",
        summary: "find what is wrong with a site's files; needs no network and no secrets",
        load: async () => (await import("./check")).checkCommand(),
      },
      {
        name: "policies",
        usage: "policies [site]",
        summary: "rules that nothing at a site may break; what breaks them in a stack or in YAML",
        load: async () => (await import("./policies")).policiesCommand(),
      },
      {
        name: "releases",
        usage: "releases",
        summary: "list releases, compare two, see whether a site has one's images",
        load: async () => (await import("./releases")).releasesCommand(),
      },
      {
        name: "doctor",
        usage: "doctor",
        summary: "say what this machine has and lacks",
        load: async () => (await import("./doctor")).doctorCommand(),
      },
    ],
  },
  {
    when: "Before the window, with the site in reach",
    commands: [
      {
        name: "trust",
        usage: "trust <site>",
        summary: "show the hosts' keys and pin them",
        load: async () => (await import("./trust")).trustCommand(),
      },
      {
        name: "preflight",
        usage: "preflight <site>",
        summary: "look at every host and change nothing",
        load: async () => (await import("./preflight")).preflightCommand(),
      },
    ],
  },
  {
    when: "Once a site runs",
    commands: [
      {
        name: "workloads",
        usage: "workloads <site>",
        summary: "how the release runs there; logs, shell and scale of a workload",
        load: async () => (await import("./workloads")).workloadsCommand(),
      },
      {
        name: "alerts",
        usage: "alerts",
        summary: "who is told of what at a site; a real test message by every receiver",
        load: async () => (await import("./alerts")).alertsCommand(),
      },
      {
        name: "observe",
        usage: "observe <site>",
        summary:
          "targets, rules, receivers and dashboards of its monitoring, and what is wrong with them",
        load: async () => (await import("./observe")).observeCommand(),
      },
      {
        name: "kubeconfig",
        usage: "kubeconfig <site>",
        summary: "a kubeconfig for a role in a workspace, valid for some hours",
        load: async () => (await import("./kubeconfig")).kubeconfigCommand(),
      },
      {
        name: "manifests",
        usage: "manifests <site>",
        summary: "a namespace's objects for the repository that Argo CD deploys from",
        load: async () => (await import("./manifests")).manifestsCommand(),
      },
    ],
  },
];

/** Called by the program itself, never by people: left out of `--help`. */
export const innerCommands: readonly CommandEntry[] = [
  {
    name: "step",
    usage: "step",
    summary: "one long step on a site's installer host, called by the deployment",
    load: async () => (await import("./step/step-command")).stepCommand(),
  },
];

export const allCommands: readonly CommandEntry[] = [
  ...commandGroups.flatMap(({ commands }) => commands),
  ...innerCommands,
];
