import { Link } from '@tanstack/react-router';
import { useMe } from '../session/me.ts';
import { navigation } from './navigation.ts';
import classes from './shell.module.css';

export function NavigationLinks() {
  const { actions } = useMe();
  const shown = navigation.filter(
    ({ action }) => action === undefined || actions.some((granted) => granted.action === action),
  );
  return shown.map(({ label, to, icon: Icon }) => (
    <Link
      key={to}
      to={to}
      className={classes.link}
      activeOptions={{ exact: to === '/', includeSearch: false }}
    >
      <Icon size={18} strokeWidth={1.9} aria-hidden />
      {label}
    </Link>
  ));
}
