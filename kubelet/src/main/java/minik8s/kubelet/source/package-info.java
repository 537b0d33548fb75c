/** Where values of a pod come from: its own fields, ConfigMaps, Secrets, Services and tokens. */
@NullMarked
package minik8s.kubelet.source;

import org.jspecify.annotations.NullMarked;
