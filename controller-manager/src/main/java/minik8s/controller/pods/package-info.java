/** What all controllers that make pods share: names, notes, requests and the judgement of pods. */
@NullMarked
package minik8s.controller.pods;

import org.jspecify.annotations.NullMarked;
