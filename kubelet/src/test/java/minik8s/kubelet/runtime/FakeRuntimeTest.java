package minik8s.kubelet.runtime;

import java.time.InstantSource;

class FakeRuntimeTest extends ContainerRuntimeContract {
  @Override
  protected ContainerRuntime open() {
    return new FakeRuntime(InstantSource.system(), "pause", "shell");
  }

  @Override
  protected String sandboxImage() {
    return "pause";
  }

  @Override
  protected String shellImage() {
    return "shell";
  }
}
