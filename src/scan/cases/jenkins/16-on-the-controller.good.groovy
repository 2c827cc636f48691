// --- Jenkinsfile
timeout(30) {
    node('linux && docker') {
        checkout scm
        stage('Build') { sh './build.sh' }
    }
}
