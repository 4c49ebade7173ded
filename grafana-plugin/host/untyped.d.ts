// What this page uses of modules that bring no types.
declare const System: {
  import(url: string): Promise<unknown>;
  set(id: string, module: object): void;
  addImportMap(map: { readonly imports: Readonly<Record<string, string>> }): void;
};
declare module 'react-router-dom-v5' {
  import type { ComponentType, ReactNode } from 'react';
  export const Router: ComponentType<{ history: unknown; children: ReactNode }>;
}
declare module 'react-router-dom-v5-compat' {
  export { Link, NavLink, Navigate, Route, Routes, useLocation, useParams } from 'react-router-dom';
  import type { ComponentType, ReactNode } from 'react';
  export const CompatRouter: ComponentType<{ children: ReactNode }>;
}
