package minik8s.apiserver.registry;

import minik8s.apiserver.kinds.Kind;

/**
 * The object that a request is about. Immutable.
 *
 * @param kind its kind in the version of the request
 * @param namespace empty for cluster-scoped kinds
 * @param name the object's name
 */
public record Target(Kind kind, String namespace, String name) {}
