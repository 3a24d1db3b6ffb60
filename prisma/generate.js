// Generates the Prisma client after an install, by the generator alone: Prisma's whole CLI would bring 210 MB (a database
// studio, a database in WebAssembly) and insists on downloading an engine. The generator's `@prisma/config`, of no use
// here, is replaced in package.json: it would bring 40 MB more.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const schemaPath = fileURLToPath(new URL('schema.prisma', import.meta.url));

/** @returns null where the development dependencies were left out: the image has its client from the build. */
function loadGenerator() {
  try {
    return {
      ...require('@prisma/client-generator-ts'),
      ...require('@prisma/internals'),
      ...require('@prisma/engines-version'),
    };
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

const prisma = loadGenerator();
if (prisma !== null && existsSync(schemaPath)) {
  const text = readFileSync(schemaPath, 'utf8');
  const datamodel = [[schemaPath, text]];
  const { generators, datasources } = await prisma.getConfig({ datamodel });
  for (const generator of generators) {
    const output = fileURLToPath(new URL(generator.output.value, import.meta.url));
    rmSync(output, { recursive: true, force: true });
    await new prisma.PrismaClientTsGenerator().generate({
      generator: { ...generator, output: { ...generator.output, value: output }, isCustomOutput: true },
      otherGenerators: [],
      schemaPath,
      datamodel: text,
      dmmf: await prisma.getDMMF({ datamodel }),
      datasources,
      version: prisma.enginesVersion,
    });
  }
}
