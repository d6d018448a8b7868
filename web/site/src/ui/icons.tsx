import type { ReactNode } from 'react';

/** Line drawings, 20 by 20, in the colour of the text. Each is beside words or in a button with a name. */
function icon(drawing: ReactNode) {
  return function Icon() {
    return (
      <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
        {drawing}
      </svg>
    );
  };
}

export const PlayIcon = icon(<path className="solid" d="M6 3.8v12.4L16.2 10z" />);
export const PauseIcon = icon(<path className="solid" d="M5 4h3.6v12H5zM11.4 4H15v12h-3.6z" />);
export const AgainIcon = icon(<path d="M4 10a6 6 0 1 1 1.8 4.3M4 15.6v-2.2h2.2" />);
export const FullScreenIcon = icon(<path d="M3.5 7.5v-4h4M16.5 7.5v-4h-4M3.5 12.5v4h4M16.5 12.5v4h-4" />);
export const LinkIcon = icon(
  <path d="M8.4 11.6a3 3 0 0 0 4.3 0l2.9-2.9a3 3 0 0 0-4.3-4.3l-1 1M11.6 8.4a3 3 0 0 0-4.3 0l-2.9 2.9a3 3 0 0 0 4.3 4.3l1-1" />,
);
export const CheckIcon = icon(<path d="M4.5 10.5 8.3 14.3 15.5 6.2" />);
export const CopyIcon = icon(<path d="M7 7V4.2h8.8V13H13M4.2 7H13v8.8H4.2z" />);
export const UpIcon = icon(<path d="m4.5 12 5.5-5.5 5.5 5.5" />);
export const DownIcon = icon(<path d="m4.5 8 5.5 5.5L15.5 8" />);
export const DownloadIcon = icon(<path d="M10 3.5v8.8M6.3 8.8 10 12.5l3.7-3.7M4 16.3h12" />);
export const CloseIcon = icon(<path d="m5.5 5.5 9 9M14.5 5.5l-9 9" />);
export const TrashIcon = icon(<path d="M4 5.8h12M8 5.8V3.8h4v2M5.5 5.8l.7 10.4h7.6l.7-10.4M8.6 8.8v4.6M11.4 8.8v4.6" />);
export const PinIcon = icon(<path d="M7.2 3.5h5.6l-.8 5 2.5 2.7H5.5L8 8.5zM10 11.2v5.6" />);
export const BackIcon = icon(<path d="M11.8 4.5 6.3 10l5.5 5.5" />);
export const SearchIcon = icon(<path d="M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l3.7 3.7" />);
export const ListIcon = icon(<path d="M3.5 4.5h5v4h-5zM11.5 4.5h5v4h-5zM3.5 11.5h5v4h-5zM11.5 11.5h5v4h-5z" />);
export const RowsIcon = icon(<path d="M3.5 5h13M3.5 10h13M3.5 15h13" />);
export const PointerIcon = icon(<path d="m4.5 3.8 4.2 12.4 2.2-5.3 5.3-2.2z" />);
export const PlugIcon = icon(<path d="M7 3.5v4M13 3.5v4M4.8 7.5h10.4v2a5.2 5.2 0 0 1-10.4 0zM10 14.7v2" />);
export const SignOutIcon = icon(<path d="M8 4H4.2v12H8M12 6.5l3.5 3.5-3.5 3.5M15.3 10H8" />);
export const ChevronIcon = icon(<path d="m6 8 4 4 4-4" />);
export const LockIcon = icon(<path d="M5 9h10v7.5H5zM7.2 9V6.3a2.8 2.8 0 0 1 5.6 0V9" />);
export const AlertIcon = icon(<path d="M10 3.2 17.4 16H2.6zM10 8v3.8M10 13.9v.1" />);
export const FilmIcon = icon(<path d="M3 4.5h14v11H3zM6.2 4.5v11M13.8 4.5v11M3 8.2h3.2M3 11.8h3.2M13.8 8.2H17M13.8 11.8H17" />);
export const KeyboardIcon = icon(<path d="M2.5 5.5h15v9h-15zM5.2 8.3h.1M8.4 8.3h.1M11.6 8.3h.1M14.7 8.3h.1M6.5 11.7h7" />);
