/** The store in memory, for tests and simulation, under the same contract. */
@NullMarked
package minik8s.apiserver.store.memory;

import org.jspecify.annotations.NullMarked;
