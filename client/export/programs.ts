/** Programs that made what was analysed, as a BIDS dataset names them. */
import type { StudyResults } from '../../contracts/results.js';
import { commandLine } from '../../report/pipelines.js';

export interface GeneratedBy {
  Name: string;
  Version: string;
  Description: string;
  /** Where it ran in one. */
  Container?: { Type: string; Tag: string };
}

/** BIDS 1.10 `GeneratedBy`: one entry a program, version and container, with the commands of its steps as the pipelines write them. */
export function programsOf({ pipelines = [] }: StudyResults): GeneratedBy[] {
  const found = new Map<string, { name: string; version: string; container: GeneratedBy['Container']; commands: Set<string> }>();
  for (const { pipeline, steps } of pipelines) {
    for (const { step, program, versions, command, images = [] } of steps) {
      // Of several images it is not known which had which version.
      const [image] = images, container = image === undefined || images.length > 1 ? undefined : { Type: image.engine, Tag: `${image.name} (${image.id})` };
      for (const version of versions) {
        const key = JSON.stringify([program, version, container ?? null]), one = found.get(key) ?? { name: program, version, container, commands: new Set<string>() };
        one.commands.add(`${pipeline}, ${step}: ${commandLine(command)}`);
        found.set(key, one);
      }
    }
  }
  return [...found.values()].map(({ name, version, container, commands }) => ({ Name: name, Version: version, Description: [...commands].join('; '), ...(container === undefined ? {} : { Container: container }) }));
}
