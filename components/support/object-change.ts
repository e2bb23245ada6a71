import type * as pulumi from "@pulumi/pulumi";

/**
 * A change to every object below a component, undefined for one that stays as it is. As one of `transforms` the engine
 * asks for it, object by object over the network, those of charts included; as one of `transformations` it is done
 * where objects are made, which costs nothing, and reaches no chart.
 */
export type ObjectChange = <Options extends pulumi.ResourceOptions>(object: {
  readonly type: string;
  readonly name: string;
  readonly props: pulumi.Inputs;
  readonly opts: Options;
}) => { props: pulumi.Inputs; opts: Options } | undefined;
