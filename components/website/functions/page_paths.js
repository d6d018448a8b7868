// page_paths.js: a page's path -> index.html, for components/website.py
// In:  event.request.uri, as the viewer sent it
// Out: the request; its uri names an object of the bucket, or none where a file is missing
// Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
function handler(event) {
  var request = event.request;
  var name = request.uri.substring(request.uri.lastIndexOf('/') + 1);
  // Every file of the site has a suffix, and no page has one.
  if (name.indexOf('.') === -1) {
    request.uri = '/index.html';
  }
  return request;
}
