package dev.kerrera.config;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.inject.Qualifier;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Names one of several instances in an application, those of {@code kerrera.instances}; Oban's instance <em>name</em>.
 *
 * <pre>{@code
 * @Inject @OfInstance("reports") JobService reports;
 *
 * void on(@Observes @Gossip @OfInstance("reports") Notification message) { … }
 * }</pre>
 *
 * <p>Without it the main instance is meant: what is injected is the main instance's, and observers hear of the main instance
 * alone. Nothing is heard of two instances by one observer.
 */
@Qualifier @Documented
@Retention(RUNTIME)
@Target({FIELD, METHOD, PARAMETER, TYPE})
public @interface OfInstance {

    /** The name as it stands in {@code kerrera.instances}. */
    String value();

    /** The annotation as a value. */
    final class Literal extends AnnotationLiteral<OfInstance> implements OfInstance {

        private static final long serialVersionUID = 1L;

        private final String value;

        private Literal(String value) {
            this.value = value;
        }

        /** The annotation for an instance. */
        public static Literal of(String value) {
            return new Literal(value);
        }

        @Override
        public String value() {
            return value;
        }
    }
}
