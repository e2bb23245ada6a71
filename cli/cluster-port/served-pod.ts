import { z } from "zod";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";
import { type ApiAccess, ask } from "../step/api-client";
import { podObject } from "../workloads/objects";
import { isReady } from "../workloads/pod-trouble";
import { list, statusMessage } from "../workloads/read";

/** A port of a Service, as whoever wants to reach it knows it. */
export interface ServicePort {
  readonly namespace: string;
  readonly service: string;
  /** The Service's port, not its Pods'. */
  readonly port: number;
}

/** Where a Service's port leads to. */
export interface ServedPod {
  readonly namespace: string;
  readonly pod: string;
  readonly node: string;
  /** Port within the Pod. */
  readonly port: number;
}

const timeoutSeconds = 30;

const serviceObject = z.object({
  spec: z.object({
    selector: z.record(z.string(), z.string()).default({}),
    ports: z
      .array(
        z.object({ port: z.number(), targetPort: z.union([z.number(), z.string()]).optional() }),
      )
      .default([]),
  }),
});

const containers = z
  .array(
    z.object({
      name: z.string(),
      image: z.string().default(""),
      ports: z
        .array(z.object({ name: z.string().default(""), containerPort: z.number() }))
        .default([]),
    }),
  )
  .default([]);

const servingPod = podObject.extend({
  spec: podObject.shape.spec.extend({ containers, initContainers: containers }),
});

/**
 * The first ready Pod behind a Service, and the port in it that a port of the Service stands for.
 * @throws RunError when there is no such Service or port, when none of its Pods is ready, or when the login may not look.
 */
export async function servedPod(access: ApiAccess, wanted: ServicePort): Promise<ServedPod> {
  const { namespace, service, port } = wanted;
  const { selector, ports } = await readService(access, wanted);
  const found = ports.find((one) => one.port === port);
  if (found === undefined || Object.keys(selector).length === 0) {
    const has = ports.map((one) => one.port).join(", ") || "none";
    const why = found === undefined ? `has no port ${port}, its ports: ${has}` : "selects no Pods";
    throw new RunError(`Service ${service} in ${namespace} ${why}`, {
      nextStep: `see what made it so: kubectl -n ${namespace} get service ${service} -o yaml`,
      exitCode: exitCodes.remote,
    });
  }
  const labelSelector = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const pods = await list(access, path, servingPod, { labelSelector });
  const pod = pods
    .filter((one) => isReady(one))
    .sort((one, other) => one.metadata.name.localeCompare(other.metadata.name))[0];
  if (pod === undefined) throw nonReady(wanted, labelSelector, pods);
  const { targetPort = port } = found;
  const number = typeof targetPort === "number" ? targetPort : portNamed(targetPort, pod.spec);
  if (number === undefined) {
    throw new RunError(
      `Service ${service} leads to a port ${targetPort}, and Pod ${pod.metadata.name} has none of that name`,
      {
        nextStep: `see what made it so: kubectl -n ${namespace} get pod ${pod.metadata.name} -o yaml`,
        exitCode: exitCodes.remote,
      },
    );
  }
  return { namespace, pod: pod.metadata.name, node: pod.spec.nodeName, port: number };
}

async function readService(access: ApiAccess, { namespace, service }: ServicePort) {
  const path = `/api/v1/namespaces/${namespace}/services/${service}`;
  const answer = await ask(access, { method: "GET", path }, timeoutSeconds);
  if (answer.status === 200) return serviceObject.parse(JSON.parse(answer.body)).spec;
  const what =
    answer.status === 404
      ? `the cluster has no Service ${service} in ${namespace}`
      : `the API server does not tell of Service ${service} in ${namespace}: ${statusMessage(answer.body)}`;
  throw new RunError(what, {
    nextStep:
      answer.status === 404
        ? "deploy the site first, or wait until its deployment has come that far"
        : "use the login of somebody who may",
    exitCode: exitCodes.remote,
  });
}

type ServingPod = z.output<typeof servingPod>;

function portNamed(name: string, spec: ServingPod["spec"]): number | undefined {
  return [...spec.containers, ...spec.initContainers]
    .flatMap(({ ports }) => ports)
    .find((one) => one.name === name)?.containerPort;
}

function nonReady(
  { namespace, service }: ServicePort,
  selector: string,
  pods: readonly ServingPod[],
): RunError {
  const states = pods.map(
    ({ metadata, status }) =>
      `${metadata.name} is ${metadata.deletionTimestamp ? "ending" : `${status.phase || "new"} and not ready`}`,
  );
  return new RunError(
    `no Pod of ${service} in ${namespace} is ready: ${states.join(", ") || "there is none"}`,
    {
      nextStep: `see why: kubectl -n ${namespace} describe pod -l ${selector}`,
      exitCode: exitCodes.remote,
    },
  );
}
