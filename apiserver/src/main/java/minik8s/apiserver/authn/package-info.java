/** Who is asking: client certificates, static tokens and service-account tokens. */
@NullMarked
package minik8s.apiserver.authn;

import org.jspecify.annotations.NullMarked;
