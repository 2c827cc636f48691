// finds: boxless-build
// --- Jenkinsfile
timeout(30) {
    node('built-in') {
        checkout scm
        stage('Build') { sh './build.sh' }
    }
}
