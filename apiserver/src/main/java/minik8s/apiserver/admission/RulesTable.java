package minik8s.apiserver.admission;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which rules hold for which kind, by stored version and resource name. Stateless. */
final class RulesTable {
  private RulesTable() {}

  static Map<String, Rules> byStorageName() {
    Map<String, Rules> rules = new HashMap<>();
    rules.put("v1/pods", new PodRules());
    rules.put("v1/podtemplates", new WorkloadRules.PodTemplateRules());
    rules.put("v1/replicationcontrollers", new WorkloadRules.ReplicationControllerRules());
    rules.put("apps/v1/deployments", new WorkloadRules.DeploymentRules());
    rules.put("apps/v1/replicasets", new WorkloadRules.ReplicaSetRules());
    rules.put("apps/v1/daemonsets", new WorkloadRules.DaemonSetRules());
    rules.put("apps/v1/statefulsets", new WorkloadRules.StatefulSetRules());
    rules.put("batch/v1/jobs", new JobRules());
    rules.put("batch/v1/cronjobs", new CronJobRules());
    for (String kind : List.of("roles", "rolebindings", "clusterroles", "clusterrolebindings")) {
      rules.put("rbac.authorization.k8s.io/v1/" + kind, new RoleRules());
    }
    rules.put("v1/services", new ServiceRules());
    rules.put("apiextensions.k8s.io/v1/customresourcedefinitions", new DefinitionRules());
    SimpleRules.addTo(rules);
    StorageRules.addTo(rules);
    NetworkRules.addTo(rules);
    ScalingRules.addTo(rules);
    AccessRules.addTo(rules);
    return Map.copyOf(rules);
  }
}
