// nx loads executors with `require`.
const tests = () => import('./run-tests.mjs');

exports.batch = async ({ tasks }) => (await tests()).testTasks(Object.values(tasks));

exports.one = async (_options, { projectsConfigurations, projectName }) => {
  const { root } = projectsConfigurations.projects[projectName];
  const [result] = await (await tests()).testFolders([root]);
  return { success: result.success };
};
