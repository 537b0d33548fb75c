package minik8s.apiserver.rest;

import java.io.IOException;
import minik8s.apiserver.kinds.Kind;

/** Passes requests about running containers on to the node's kubelet. Thread-safe. */
@FunctionalInterface
interface NodeProxy {
  /** Serves log, exec, attach, portforward or proxy. */
  void serve(Exchange exchange, Kind kind) throws IOException;
}
