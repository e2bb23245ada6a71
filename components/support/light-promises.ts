import * as debuggable from "@pulumi/pulumi/runtime/debuggable";

/**
 * Pulumi notes for each of its promises, some thirty a resource, the call stack that it was made in, and keeps it.
 * That is for PULUMI_DEBUG_PROMISE_LEAKS alone, and took a third of the program's time. Importing this module leaves
 * those notes empty; faults have their stacks as ever, and leaks are still found.
 */

type DebuggablePromise = (promise: Promise<unknown>, context: unknown) => Promise<unknown>;

const { debuggablePromise } = debuggable as unknown as {
  readonly debuggablePromise?: DebuggablePromise;
};

function lightPromise(promise: Promise<unknown>, context: unknown): Promise<unknown> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return debuggablePromise?.(promise, context) ?? promise;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

// Another version of Pulumi may have no such function: then it is as slow as it is.
if (debuggablePromise !== undefined && !process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
  Object.assign(debuggable, { debuggablePromise: lightPromise });
}
