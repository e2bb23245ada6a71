/** Version of the real plugin that this stand-in takes the place of. */
export const PLUGIN_VERSION = "4.34.2";
