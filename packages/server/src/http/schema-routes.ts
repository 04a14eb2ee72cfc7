import type { Express, RequestHandler } from 'express';
import type { Access } from './access';
import type { Engine } from '../events/engine';

/** `GET /nasc/schema`: `{ types: [...] }`. `GET /nasc/schema/:type`: the schema, or 404 `{ error }`. */
export function schemaRoutes(app: Express, engine: Engine, access: Access): void {
  const guard: RequestHandler = async (request, response, next) => {
    const { type } = request.params;
    const target = { type: typeof type === 'string' ? type : '', id: '', event: 'schema' };
    if (await access.may(request, target)) next();
    else response.status(403).json({ error: 'Not allowed.' });
  };
  app.get('/nasc/schema', guard, async (_request, response) => {
    response.json({ types: await engine.schemas.types() });
  });
  app.get('/nasc/schema/:type', guard, async (request, response) => {
    const { type } = request.params;
    const schema = typeof type === 'string' ? await engine.schemas.schema(type) : null;
    if (schema === null) response.status(404).json({ error: `Schema not found for type '${String(type)}'` });
    else response.json(schema);
  });
}
