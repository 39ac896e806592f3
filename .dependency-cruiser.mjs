// The import rules: hosts -> app -> protection -> (store | engine | catalog) -> volumes; everyone may import contract.

/** Forbids imports from one folder of src-main to others. */
function layer(name, comment, from, to) {
  return { name, comment, severity: 'error', from: { path: `^src-main/${from}` }, to: { path: `^src-main/${to}` } };
}

export default {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Modules that import each other cannot be understood, tested or replaced one at a time.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'contract-only-zod',
      comment: 'The renderer imports the contract: it must run in a sandboxed page, without node and without the rest.',
      severity: 'error',
      from: { path: '^src-main/contract/' },
      to: { pathNot: ['^src-main/contract/', '^node_modules/zod/'] },
    },
    layer(
      'volumes-lowest',
      'A volume is bytes. It knows neither who compares it nor what it is protected by.',
      'volumes/',
      '(store|engine|catalog|protection|hosts)/|^src-main/app(/|\\.ts$)',
    ),
    layer(
      'engine-alone',
      'The engine compares and copies volumes; it knows nothing of groups, records or the catalog.',
      'engine/',
      '(store|catalog|protection|hosts)/|^src-main/app(/|\\.ts$)',
    ),
    layer(
      'store-alone',
      'The store must be readable with nothing else at hand: it is what recovery stands on.',
      'store/',
      '(engine|catalog|protection|hosts)/|^src-main/app(/|\\.ts$)',
    ),
    layer(
      'catalog-alone',
      'The catalog is disposable, so nothing in it may be needed by store or engine, nor may it need them.',
      'catalog/',
      '(store|engine|protection|hosts)/|^src-main/app(/|\\.ts$)',
    ),
    layer(
      'protection-below-app',
      'The domain runs the same under every host and composition.',
      'protection/',
      'hosts/|^src-main/app(/|\\.ts$)',
    ),
    layer('app-below-hosts', 'Hosts compose the application, never the other way round.', 'app(/|\\.ts$)', 'hosts/'),
    {
      name: 'hosts-talk-to-app',
      comment: 'app.ts makes the one object that hosts talk to; what is below it goes through the contract.',
      severity: 'error',
      from: { path: '^src-main/hosts/' },
      to: { path: '^src-main/', pathNot: ['^src-main/(hosts|contract|drill)/', '^src-main/app\\.ts$'] },
    },
    {
      name: 'drill-stands-on-the-contract',
      comment: 'A drill plays a whole application through its contract, as a host does, and needs nothing else.',
      severity: 'error',
      from: { path: '^src-main/drill/' },
      to: { pathNot: ['^src-main/(drill|contract)/', '^src-main/processes\\.ts$'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'evidence-stands-alone',
      comment: 'A report says what the contract tells, and nothing else.',
      severity: 'error',
      from: { path: '^src-main/evidence/' },
      to: { pathNot: ['^src-main/(evidence|contract)/'] },
    },
    {
      name: 'drill-for-app-and-hosts',
      comment: 'What a drill plays does not know that it is one.',
      severity: 'error',
      from: { path: '^src-main/', pathNot: '^src-main/(drill/|hosts/|app/|app\\.ts$)' },
      to: { path: '^src-main/drill/' },
    },
    {
      name: 'hosts-apart',
      comment: 'Each host is a composition root of its own; what two of them need belongs below.',
      severity: 'error',
      from: { path: '^src-main/hosts/([^/]+)/' },
      // Beside their folders lies what all hosts with a window do with a call and with the renderer's files.
      to: { path: '^src-main/hosts/[^/]+/', pathNot: '^src-main/hosts/$1/' },
    },
    {
      name: 'renderer-knows-the-contract',
      comment: 'The window is a page in a sandbox: of the rest it knows what the contract says, and nothing else.',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { path: '^(src-main|test)/', pathNot: '^src-main/contract/' },
    },
    {
      name: 'nobody-knows-the-renderer',
      comment: 'Hosts serve the built files; they import nothing of the window.',
      severity: 'error',
      from: { path: '^src-main/' },
      to: { path: '^src-renderer/' },
    },
    {
      name: 'commander-in-cli-only',
      comment: 'Parsing of a command line belongs to the host that has one.',
      severity: 'error',
      from: { path: '^src-main/', pathNot: '^src-main/hosts/cli/' },
      to: { path: '^node_modules/commander/' },
    },
    {
      name: 'sqlite-in-catalog-only',
      comment: 'The catalog is the only database; it must stay replaceable by what the stores hold.',
      severity: 'error',
      from: { path: '^src-main/', pathNot: '^src-main/catalog/' },
      to: { path: '^node_modules/better-sqlite3/' },
    },
    {
      name: 'system-calls-behind-seams',
      comment:
        'What is particular to a system lies in the adapters of volumes, in the locks and disks of stores, and in ' +
        "the command line's end of a process whose threads are stalled.",
      severity: 'error',
      from: { path: '^src-main/', pathNot: '^src-main/(volumes/|store/|hosts/hard-exit\\.ts$)' },
      to: { path: '^node_modules/(koffi|node-disk-info)/' },
    },
    {
      name: 'no-test-in-product',
      comment: 'What ships must not depend on its tests.',
      severity: 'error',
      from: { path: '^src-main/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-dev-dependency-in-product',
      comment: 'What ships has no development dependencies installed. Electron is what it is shipped in.',
      severity: 'error',
      from: { path: '^src-main/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: '^node_modules/(@types|electron)/',
      },
    },
    {
      name: 'electron-in-two-modules-only',
      comment: 'Everything else gets what it uses of Electron handed over, so that it can be tested without.',
      severity: 'error',
      from: { path: '^(src-main|test)/', pathNot: '^src-main/hosts/electron/(main|preload)\\.ts$' },
      to: { path: '^node_modules/electron/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unlisted-dependency',
      comment: 'A package that package.json does not name is there by chance.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that leads nowhere fails at the worst moment: when the module is first needed.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-barrels-no-drawers',
      comment: 'A file does one thing and its name says which; index, utils and helpers say nothing.',
      severity: 'error',
      from: {},
      to: { path: '/(index|util|utils|helper|helpers|common|misc)(\\.ts$|/)', pathNot: '^node_modules/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
