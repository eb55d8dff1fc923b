/**
 * What a job is: the entity, its states and their legal moves, the options of a new one, and the arithmetic and texts
 * that follow from Oban's definitions.
 *
 * <p>May import: nothing of the project. Knows JSON and the mapping to the table, and never touches a connection.
 *
 * <p>Stability: user API, except {@link dev.kerrera.job.JobRow}, {@link dev.kerrera.job.JobDraft}, {@link
 * dev.kerrera.job.JobDefaults}, {@link dev.kerrera.job.Uniqueness}, {@link dev.kerrera.job.UniqueRule}, {@link
 * dev.kerrera.job.JobRevision}, {@link dev.kerrera.job.Condition}, {@link dev.kerrera.job.JobJson}, {@link
 * dev.kerrera.job.Backoff} and {@link dev.kerrera.job.ErrorText}, which are public for the other rooms only and may change in
 * any release.
 */
@NullMarked
package dev.kerrera.job;

import org.jspecify.annotations.NullMarked;
