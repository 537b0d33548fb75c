package minik8s.kubelet.sandbox;

import minik8s.api.Container;
import minik8s.api.Pod;
import minik8s.api.codec.Json;

/** Pods for tests, from the JSON of their spec. */
final class Specs {
  private Specs() {}

  /** The pod {@code default/web} of uid {@code u}. */
  static Pod pod(String spec) {
    return Json.read(
        Json.parse(
            "{\"metadata\":{\"name\":\"web\",\"namespace\":\"default\",\"uid\":\"u\"},\"spec\":"
                + spec.replace('\'', '"')
                + "}"),
        Pod.class);
  }

  /** The first container. */
  static Container first(Pod pod) {
    return pod.spec().containers().getFirst();
  }
}
