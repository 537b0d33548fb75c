package minik8s.scheduler.plugins;

import java.util.Set;
import minik8s.scheduler.framework.ClusterChange;
import minik8s.scheduler.framework.ClusterSnapshot;
import minik8s.scheduler.framework.Filter;
import minik8s.scheduler.framework.PodView;
import minik8s.scheduler.framework.Verdict;
import org.jspecify.annotations.Nullable;

/** A pod that names its node goes there or nowhere. Stateless. */
public final class NodeName implements Filter {
  private static final Verdict OTHER =
      Verdict.hopeless("node(s) didn't match the requested node name");

  @Override
  public String name() {
    return "NodeName";
  }

  @Override
  public @Nullable Check prepareFilter(PodView pod, ClusterSnapshot cluster) {
    String wanted = pod.pod().spec().nodeName();
    return wanted.isEmpty() ? null : node -> node.name().equals(wanted) ? Verdict.FITS : OTHER;
  }

  @Override
  public Set<ClusterChange> curedBy() {
    return Set.of(ClusterChange.NODE_ADDED);
  }
}
