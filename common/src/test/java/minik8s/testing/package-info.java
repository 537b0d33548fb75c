/** Fakes and builders for the tests of every module; shipped as a test-jar. */
@NullMarked
package minik8s.testing;

import org.jspecify.annotations.NullMarked;
