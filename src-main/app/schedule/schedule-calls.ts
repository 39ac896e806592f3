/** What hosts may ask of cycles by the clock, of ages, and of alerts. */
import type { Registration } from '../../protection/registration.ts';
import type { Handlers } from '../handlers.ts';
import type { Alerts } from './alerts.ts';
import type { Scheduler } from './scheduler.ts';

type Calls = 'schedule.show' | 'lag.list' | 'alerts.list' | 'alerts.set';

interface Places {
  scheduler: Scheduler;
  alerts: Alerts;
  registration: (name: string) => Registration;
}

export function scheduleCalls({ scheduler, alerts, registration }: Places): Pick<Handlers, Calls> {
  return {
    'schedule.show': () => scheduler.schedule(),
    'lag.list': ({ name, seconds }) => ({ samples: scheduler.lag(registration(name), seconds) }),
    'alerts.list': ({ limit }) => alerts.list(limit),
    'alerts.set': ({ command }) => {
      alerts.setCommand(command);
      return { message: command === null ? 'Alerts are told to no command.' : 'Alerts are told to the command.' };
    },
  };
}
